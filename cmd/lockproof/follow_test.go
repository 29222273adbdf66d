package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// A screen is what was printed, while it is printed.
type screen struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// A log that is followed is read as it grows, also when another one takes its name.
func TestFollow(t *testing.T) {
	name := filepath.Join(t.TempDir(), "libvirtd.log")
	add := func(file, text string) {
		f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString(text); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	read := func(file string) string {
		text, err := os.ReadFile(filepath.Join("testdata/reports", file, "input.log"))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	var out, errs screen
	add(name, read("06-snapshot-leak-20h"))
	done := make(chan int)
	go func() { done <- run(ctx, []string{"history", "--follow", name}, &out, &errs) }()
	until := func(text string) {
		t.Helper()
		for !strings.Contains(out.String(), text) {
			if ctx.Err() != nil {
				t.Fatalf("no %q in\n%s%s", text, &out, &errs)
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
	until("async-outlived-guest")
	text := read("05-query-holds-query")
	add(name, text[:len(text)/2])
	add(name, text[len(text)/2:])
	until("guest-f, guest-e")
	if err := os.Rename(name, name+".1"); err != nil {
		t.Fatal(err)
	}
	add(name, read("19-localized-de"))
	until("guest-o")
	stop()
	if code := <-done; code != exitFinding {
		t.Errorf("exit code %d\n%s", code, &errs)
	}
}
