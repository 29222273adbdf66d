package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/klauspost/compress/zstd"
	"github.com/lockproof/lockproof/checker/linear"
)

// compressed is what zstd makes of some pieces, written one after the other.
func compressed(t testing.TB, times int, pieces ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z, err := zstd.NewWriter(&b, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<20))
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range pieces {
		n := 1
		if i == len(pieces)-1 {
			n = times
		}
		for range n {
			if _, err := io.WriteString(z, p); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const (
	firstLine = `{"history":1}` + "\n"
	fewLines  = firstLine + `{"call":"define","domain":"vm1","client":"a","from":1,"arg":1024,"to":2,"code":"ok"}` + "\n" + `{"cut":5}` + "\n"
	wholeFile = fewLines + `{"end":5,"complete":true}` + "\n"
)

// wide is a frame that asks for a window of 16 MiB.
func wide(t *testing.T) []byte {
	var b bytes.Buffer
	z, err := zstd.NewWriter(&b, zstd.WithWindowSize(2*mostWindow))
	if err != nil {
		t.Fatal(err)
	}
	for range 3 * mostWindow >> 10 {
		if _, err := z.Write(make([]byte, 1<<10)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Whatever is in a compressed history, it is read within bounds, and what is wrong has its place.
func TestCompressedHistories(t *testing.T) {
	sound := compressed(t, 1, wholeFile)
	for name, tt := range map[string]struct {
		data []byte
		want string // after the name of the file; "" for none
	}{
		"sound":              {sound, ""},
		"in two frames":      {append(compressed(t, 1, fewLines), compressed(t, 1, `{"end":5,"complete":true}`+"\n")...), ""},
		"a line of 256 MB":   {compressed(t, 256, firstLine+"{", strings.Repeat("\x00", 1<<20)), ":2:65537: the line is longer than 65536 bytes"},
		"many lines":         {compressed(t, 1200, firstLine, `{"cut":5}`+strings.Repeat(" ", 60<<10)+"\n"), "come to more than 100 times as many"},
		"cut off":            {sound[:len(sound)-3], ":1:1: what comes here cannot be read: the compressed data is cut off or damaged"},
		"cut off in a block": {sound[:len(sound)/2], ":1:1: what comes here cannot be read: the compressed data is cut off or damaged"},
		"rubbish after it":   {append(bytes.Clone(sound), "rubbish"...), ":5:1: what comes here cannot be read: it is not compressed with zstd"},
		"compressed twice":   {compressed(t, 1, string(sound)), ":1:1: the line is not UTF-8"},
		"not compressed":     {[]byte(wholeFile), ":1:1: what comes here cannot be read: it is not compressed with zstd"},
		"a wide window":      {wide(t), ":1:1: what comes here cannot be read: it was compressed with a window of more than 8388608 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "h.jsonl.zst")
			if err := os.WriteFile(file, tt.data, 0o644); err != nil {
				t.Fatal(err)
			}
			_, complete, _, err := checkHistory(t.Context(), file, linear.Options{})
			switch {
			case tt.want == "" && (err != nil || !complete):
				t.Error(err, complete)
			case tt.want != "" && (err == nil || !strings.HasPrefix(err.Error(), file) || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("%v, want %s", err, tt.want)
			}
		})
	}
}

// The end of the context is the end of reading, whether it waits for input or has much to make of
// little.
func TestReadingEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		nothing, w := io.Pipe()
		defer w.Close()
		in, letGo, err := expand(ctx, "slow.jsonl", nothing)
		if err != nil {
			t.Fatal(err)
		}
		defer letGo()
		ended := make(chan error)
		go func() {
			_, err := in.Read(make([]byte, 10))
			ended <- err
		}()
		synctest.Wait() // it waits
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	in, letGo, err := expand(ctx, "large.zst", bytes.NewReader(compressed(t, 8, strings.Repeat("\x00", 1<<20))))
	if err != nil {
		t.Fatal(err)
	}
	defer letGo()
	if _, err := io.ReadFull(in, make([]byte, 10)); err != nil {
		t.Fatal(err)
	}
	cancel()
	if n, err := io.Copy(io.Discard, in); !errors.Is(err, context.Canceled) || n > 0 {
		t.Error(n, err)
	}
}

// FuzzExpand reads what may be compressed: what comes of it is bounded, and a mistake is an error.
func FuzzExpand(f *testing.F) {
	f.Add(compressed(f, 1, wholeFile), 0, byte(0))
	f.Add(compressed(f, 70, strings.Repeat("\x00", 1<<12)), 5, byte(0))
	f.Add(append(compressed(f, 1, fewLines), compressed(f, 1, "x")...), 20, byte(7))
	f.Add([]byte{0x28, 0xb5, 0x2f, 0xfd, 0xa4, 0xff, 0xff, 0xff, 0xff, 3, 0, 0}, 4, byte(2)) // says that it is 4 GB
	f.Add([]byte{0x50, 0x2a, 0x4d, 0x18, 0xff, 0xff, 0xff, 0xff}, 7, byte(2))                // is to be skipped
	f.Fuzz(func(t *testing.T, data []byte, at int, flip byte) {
		data = bytes.Clone(data)
		if len(data) > 0 {
			data[uint(at)%uint(len(data))] ^= flip
		}
		in, letGo, err := expand(t.Context(), "f.zst", bytes.NewReader(data))
		if err != nil {
			return
		}
		defer letGo()
		const fair = 1 << 16
		in.(*expansion).fair = fair
		n, err := io.Copy(io.Discard, in)
		if most := max(fair, fairRatio*int64(len(data)+1)); n > most {
			t.Fatalf("%d bytes come to %d: %v", len(data), n, err)
		}
	})
}
