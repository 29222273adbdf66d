package main

import (
	"io"
	"path/filepath"

	"github.com/klauspost/compress/zstd"
)

// shrink compresses what goes into a file whose name ends in .zst.
func shrink(name string, w io.Writer) (io.Writer, func() error, error) {
	if filepath.Ext(name) != ".zst" {
		return w, func() error { return nil }, nil
	}
	z, err := zstd.NewWriter(w)
	if err != nil {
		return nil, nil, err
	}
	return z, z.Close, nil
}

// expand is the content of a file, whose name ends in .zst if it is compressed.
func expand(name string, r io.Reader) (io.Reader, func(), error) {
	if filepath.Ext(name) != ".zst" {
		return r, func() {}, nil
	}
	z, err := zstd.NewReader(r)
	if err != nil {
		return nil, nil, err
	}
	return z, z.Close, nil
}
