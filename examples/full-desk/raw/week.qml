<?xml version="1.0" encoding="UTF-8"?>
<q:quakeml xmlns:q="http://quakeml.org/xmlns/quakeml/1.2" xmlns="http://quakeml.org/xmlns/bed/1.2"><eventParameters publicID="smi:example/week">
<event publicID="smi:example/drone"><type>explosion</type><typeCertainty>known</typeCertainty>
<origin publicID="smi:example/drone/o"><time><value>2025-02-09T04:15:00Z</value><uncertainty>1.5</uncertainty></time>
<latitude><value>30.70144</value></latitude><longitude><value>-39.94792</value></longitude>
<originUncertainty><minHorizontalUncertainty>1500</minHorizontalUncertainty><maxHorizontalUncertainty>1500</maxHorizontalUncertainty>
<azimuthMaxHorizontalUncertainty>0</azimuthMaxHorizontalUncertainty><confidenceLevel>68</confidenceLevel></originUncertainty>
<creationInfo><agencyID>MADE-UP</agencyID><creationTime>2025-02-09T19:00:00Z</creationTime></creationInfo></origin></event>
<event publicID="smi:example/quarry-1"><type>quarry blast</type><typeCertainty>known</typeCertainty>
<origin publicID="smi:example/quarry-1/o"><time><value>2025-02-03T14:00:00Z</value><uncertainty>1.5</uncertainty></time>
<latitude><value>30.26978</value></latitude><longitude><value>-39.90625</value></longitude>
<originUncertainty><minHorizontalUncertainty>1500</minHorizontalUncertainty><maxHorizontalUncertainty>1500</maxHorizontalUncertainty>
<azimuthMaxHorizontalUncertainty>0</azimuthMaxHorizontalUncertainty><confidenceLevel>68</confidenceLevel></originUncertainty>
<creationInfo><agencyID>MADE-UP</agencyID><creationTime>2025-02-03T19:00:00Z</creationTime></creationInfo></origin></event>
<event publicID="smi:example/quarry-3"><type>quarry blast</type><typeCertainty>known</typeCertainty>
<origin publicID="smi:example/quarry-3/o"><time><value>2025-02-05T14:00:00Z</value><uncertainty>1.5</uncertainty></time>
<latitude><value>30.26978</value></latitude><longitude><value>-39.90625</value></longitude>
<originUncertainty><minHorizontalUncertainty>1500</minHorizontalUncertainty><maxHorizontalUncertainty>1500</maxHorizontalUncertainty>
<azimuthMaxHorizontalUncertainty>0</azimuthMaxHorizontalUncertainty><confidenceLevel>68</confidenceLevel></originUncertainty>
<creationInfo><agencyID>MADE-UP</agencyID><creationTime>2025-02-05T19:00:00Z</creationTime></creationInfo></origin></event>
<event publicID="smi:example/quarry-4"><type>quarry blast</type><typeCertainty>known</typeCertainty>
<origin publicID="smi:example/quarry-4/o"><time><value>2025-02-06T14:00:00Z</value><uncertainty>1.5</uncertainty></time>
<latitude><value>30.26978</value></latitude><longitude><value>-39.90625</value></longitude>
<originUncertainty><minHorizontalUncertainty>1500</minHorizontalUncertainty><maxHorizontalUncertainty>1500</maxHorizontalUncertainty>
<azimuthMaxHorizontalUncertainty>0</azimuthMaxHorizontalUncertainty><confidenceLevel>68</confidenceLevel></originUncertainty>
<creationInfo><agencyID>MADE-UP</agencyID><creationTime>2025-02-06T19:00:00Z</creationTime></creationInfo></origin></event>
<event publicID="smi:example/quake"><type>earthquake</type><typeCertainty>known</typeCertainty>
<origin publicID="smi:example/quake/o"><time><value>2025-02-06T23:40:00Z</value><uncertainty>1.5</uncertainty></time>
<latitude><value>30.80935</value></latitude><longitude><value>-39.27083</value></longitude>
<originUncertainty><minHorizontalUncertainty>1500</minHorizontalUncertainty><maxHorizontalUncertainty>1500</maxHorizontalUncertainty>
<azimuthMaxHorizontalUncertainty>0</azimuthMaxHorizontalUncertainty><confidenceLevel>68</confidenceLevel></originUncertainty>
<creationInfo><agencyID>MADE-UP</agencyID><creationTime>2025-02-07T00:30:00Z</creationTime></creationInfo></origin></event>
</eventParameters></q:quakeml>
