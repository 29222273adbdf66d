package main

import (
	"errors"
	"io"
	"os"
)

// createHistory makes a file, compressed if its name says so. The function ends it.
func createHistory(name string) (io.Writer, func() error, error) {
	f, err := os.Create(name)
	if err != nil {
		return nil, nil, err
	}
	w, end, err := shrink(name, f)
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	return w, func() error { return errors.Join(end(), f.Close()) }, nil
}
