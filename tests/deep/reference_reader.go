// Reads a log's static files with the reference implementation of notes and tiled trees
// (golang.org/x/mod/sumdb), and checks proofs that somebody else made.
//
//	reference_reader FOLDER KEY PROOFS
//
// PROOFS holds one proof a line: "record SIZE INDEX HASH..." or "tree SIZE OLD HASH...".
package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type folder string

func (f folder) Height() int                              { return 8 }
func (f folder) SaveTiles(tiles []tlog.Tile, _ [][]byte) {}

func place(index int64, width int) string {
	name := fmt.Sprintf("%03d", index%1000)
	for index >= 1000 {
		index /= 1000
		name = fmt.Sprintf("x%03d/%s", index%1000, name)
	}
	if width < 256 {
		name = fmt.Sprintf("%s.p/%d", name, width)
	}
	return name
}

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, t := range tiles {
		path := filepath.Join(string(f), "tile", strconv.Itoa(t.L), place(t.N, t.W))
		content, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		found = append(found, content)
	}
	return found, nil
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	must(err)
	return n
}

func main() {
	files := folder(os.Args[1])
	key, err := note.NewVerifier(os.Args[2])
	must(err)
	content, err := os.ReadFile(filepath.Join(os.Args[1], "checkpoint"))
	must(err)
	head, err := note.Open(content, note.VerifierList(key))
	must(err)
	lines := strings.Split(head.Text, "\n")
	size := number(lines[1])
	root, err := tlog.ParseHash(lines[2])
	must(err)
	tree := tlog.Tree{N: size, Hash: root}
	hashes := tlog.TileHashReader(tree, files)

	entries := int64(0)
	for index := int64(0); entries < size; index++ {
		width := 256
		if size-entries < 256 {
			width = int(size - entries)
		}
		bundle, err := os.ReadFile(filepath.Join(os.Args[1], "tile", "entries", place(index, width)))
		must(err)
		for len(bundle) > 0 {
			length := int(binary.BigEndian.Uint16(bundle))
			leaf := tlog.RecordHash(bundle[2 : 2+length])
			bundle = bundle[2+length:]
			proof, err := tlog.ProveRecord(size, entries, hashes)
			must(err)
			must(tlog.CheckRecord(proof, size, root, entries, leaf))
			entries++
		}
	}

	proofs := 0
	file, err := os.Open(os.Args[3])
	must(err)
	for lines := bufio.NewScanner(file); lines.Scan(); proofs++ {
		words := strings.Fields(lines.Text())
		at, second := number(words[1]), number(words[2])
		theirs := []tlog.Hash{}
		for _, each := range words[3:] {
			hash, err := tlog.ParseHash(each)
			must(err)
			theirs = append(theirs, hash)
		}
		whole, err := tlog.TreeHash(at, hashes)
		must(err)
		ours := []tlog.Hash{}
		if words[0] == "record" {
			made, err := tlog.ProveRecord(at, second, hashes)
			must(err)
			ours = append(ours, made...)
			leaf, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, second)})
			must(err)
			must(tlog.CheckRecord(theirs, at, whole, second, leaf[0]))
		} else {
			made, err := tlog.ProveTree(at, second, hashes)
			must(err)
			ours = append(ours, made...)
			old, err := tlog.TreeHash(second, hashes)
			must(err)
			must(tlog.CheckTree(theirs, at, whole, second, old))
		}
		if !reflect.DeepEqual(ours, theirs) {
			log.Fatalf("the reference makes another proof of %q", lines.Text())
		}
	}
	fmt.Printf("%d entries, %d proofs\n", entries, proofs)
}
