package search_test

import (
	"context"
	"flag"
	"os"
	"testing"
)

// TestMain runs more random programs than rapid's hundred: a wrong reduction shows in one of a few
// hundred.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "400"); err != nil {
		panic(err)
	}
	flag.Parse()
	os.Exit(m.Run())
}

// tContext is for searches inside properties, which have no context of their own.
var tContext = context.Background()
