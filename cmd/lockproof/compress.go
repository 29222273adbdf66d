package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/klauspost/compress/gzip"
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

// What expand takes. A history is compressed to a tenth, or with patience to a twentieth; what
// comes of a hundred times its size means harm.
const (
	mostWindow = 8 << 20  // bytes that a decoder keeps: as many as RFC 8878 asks of every decoder
	fairSize   = 64 << 20 // bytes that anything may come to
	fairRatio  = 100
)

// expand is the content of a file, whose name ends in .zst if it is compressed. Reading ends with
// the context, also when it waits; the function lets go of what reading needs, but for a goroutine
// that waits for r.
func expand(ctx context.Context, name string, r io.Reader) (io.Reader, func(), error) {
	in := newPump(ctx, r)
	if filepath.Ext(name) != ".zst" {
		return in, in.close, nil
	}
	x := &expansion{ctx: ctx, in: in, fair: fairSize}
	var err error
	x.z, err = zstd.NewReader(&counted{in, &x.read}, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxWindow(mostWindow))
	if err != nil {
		in.close()
		return nil, nil, err
	}
	return x, x.close, nil
}

// decompress is the content of what begins like something compressed with gzip or zstd, or is named
// so, and of anything else as it is. Where expand bounds how much a little may come to, for what it
// makes of that is kept, here it is only bounded in all: it is read as a stream.
func decompress(ctx context.Context, name string, r io.Reader) (io.Reader, func(), error) {
	in := newPump(ctx, r)
	buffered := bufio.NewReaderSize(in, 1<<16)
	magic, _ := buffered.Peek(4) // an error comes again
	x := &expansion{ctx: ctx, in: in, fair: mostLog}
	var err error
	switch {
	case filepath.Ext(name) == ".zst" || string(magic) == "(\xb5/\xfd":
		x.z, err = zstd.NewReader(&counted{buffered, &x.read}, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxWindow(mostWindow))
	case len(magic) > 1 && string(magic[:2]) == "\x1f\x8b":
		x.gz, err = gzip.NewReader(&counted{buffered, &x.read})
	default:
		return buffered, in.close, nil
	}
	if err != nil {
		in.close()
		if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, gzip.ErrHeader) {
			err = errTorn
		}
		return nil, nil, err
	}
	return x, x.close, nil
}

var errTorn = errors.New("the compressed data is cut off or damaged")

// mostLog is how many bytes a compressed log may come to, unless it is large itself.
const mostLog = 64 << 30

// An expansion is what compressed data comes to, within bounds.
type expansion struct {
	ctx         context.Context
	in          *pump
	z           *zstd.Decoder // or
	gz          *gzip.Reader
	read, given int64
	fair        int64 // fairSize; less in tests
}

func (x *expansion) Read(p []byte) (int, error) {
	if err := x.ctx.Err(); err != nil { // little input may be long output
		return 0, err
	}
	n, err := x.decoder().Read(p)
	x.given += int64(n)
	switch {
	case x.given > x.fair && x.given/fairRatio > x.read:
		return 0, fmt.Errorf("%d bytes of compressed data come to more than %d times as many", x.read, fairRatio)
	case errors.Is(err, zstd.ErrWindowSizeExceeded):
		err = fmt.Errorf("it was compressed with a window of more than %d bytes", mostWindow)
	case errors.Is(err, zstd.ErrMagicMismatch):
		err = errors.New("it is not compressed with zstd")
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader):
		err = errTorn
	}
	return n, err
}

func (x *expansion) close() {
	x.in.close()
	if x.z != nil {
		x.z.Close()
	}
}

func (x *expansion) decoder() io.Reader {
	if x.z != nil {
		return x.z
	}
	return x.gz
}

// Counted is a reader that counts what it reads.
type counted struct {
	io.Reader
	n *int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	*c.n += int64(n)
	return n, err
}
