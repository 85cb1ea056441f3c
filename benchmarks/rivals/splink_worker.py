"""What `splink_linkage` runs in `.venv-bench`: a table of reports in, scored pairs out.

python splink_worker.py IN.parquet OUT.parquet WINDOW_H
"""

import logging
import sys
import warnings

CELL_KM = 12.0  # side of a block; blocks overlap by half, so no near pair is torn apart
LEAST = 0.02  # pairs below this are not written


def main(given: str, made: str, window_h: int) -> None:
    import duckdb
    import splink.comparison_level_library as levels
    import splink.comparison_library as comparisons
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.getLogger("splink").setLevel(logging.ERROR)
    connection = duckdb.connect()
    connection.execute("set threads = 2")
    blocked(connection, given, window_h)

    def steps(name: str, condition: str, thresholds: tuple[float, ...], least: str):  # type: ignore[no-untyped-def]
        return comparisons.CustomComparison(
            output_column_name=name,
            comparison_levels=[
                levels.NullLevel(least),
                *(levels.CustomLevel(f"{condition} <= {t}") for t in thresholds),
                levels.ElseLevel(),
            ],
        )

    apart = "sqrt(power(east_km_l - east_km_r, 2) + power(north_km_l - north_km_r, 2))"
    space, time, slab = (block_on(f"{n}") for n in ("space_0", "time_0", "block_0"))
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            steps("east_km", apart, (0.5, 1.5, 3.0, 6.0), "east_km"),
            steps("hours", "abs(hours_l - hours_r)", (0.02, 0.1, 0.5, 2.0, 6.0), "hours"),
            comparisons.ExactMatch("kind"),
            comparisons.JaccardAtThresholds("words", [0.9, 0.7]),
        ],
        blocking_rules_to_generate_predictions=[block_on(f"block_{n}") for n in range(8)],
        retain_matching_columns=False,
    )
    linker = Linker(DuckDBAPI(connection).register("reports"), settings)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in (slab, space, time):
        try:
            linker.training.estimate_parameters_using_expectation_maximisation(rule, max_pairs=2e6)
        except Exception as exc:  # a session without a single pair teaches nothing
            print(f"skipped a session of training: {exc}", file=sys.stderr)
    pairs = linker.inference.predict(threshold_match_probability=LEAST)
    connection.execute(
        f"copy (select unique_id_l, unique_id_r, match_probability from {pairs.physical_name} "
        f"order by unique_id_l, unique_id_r) to '{made}' (format parquet)"
    )


def blocked(connection, given: str, window_h: int) -> None:  # type: ignore[no-untyped-def]
    """The reports with eight overlapping blocks of place and time each."""
    keys = []
    for number in range(8):
        shifts = [(number >> axis & 1) * 0.5 for axis in range(3)]
        cells = [
            f"floor({name} / {size} + {shift})::bigint::varchar"
            for name, size, shift in zip(
                ("east_km", "north_km", "hours"), (CELL_KM, CELL_KM, window_h), shifts, strict=True
            )
        ]
        keys.append(f"{' || chr(47) || '.join(cells)} as block_{number}")
    connection.execute(
        f"create table reports as select *, {', '.join(keys)}, "
        f"(floor(east_km / 2)::bigint::varchar || chr(47) || floor(north_km / 2)::bigint::varchar) as space_0, "
        f"floor(hours * 6)::bigint as time_0 from '{given}'"
    )


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
