package syntax

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
)

// megabyte is a source of about 1 MB: the test file's functions, many times under different names.
func megabyte(b *testing.B) []byte {
	b.Helper()
	text, err := os.ReadFile("testdata/monitor.c")
	if err != nil {
		b.Fatal(err)
	}
	at := strings.Index(string(text), "/* The caller")
	head, functions := string(text[:at]), string(text[at:])
	var s strings.Builder
	s.WriteString(head)
	for i := 0; s.Len() < 1<<20; i++ {
		s.WriteString(strings.ReplaceAll(functions, "domainQuery", fmt.Sprintf("domainQuery%d", i)))
	}
	return []byte(s.String())
}

func BenchmarkParse(b *testing.B) {
	src := Source{Name: "big.c", Text: megabyte(b)}
	for name, mode := range map[string]Mode{"strict": Strict, "tolerant": Tolerant} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(src.Text)))
			b.ReportAllocs()
			for b.Loop() {
				if _, diags := Parse(src, Options{Mode: mode}); len(diags) > 0 {
					b.Fatal(diags)
				}
			}
		})
	}
}

func BenchmarkPreprocess(b *testing.B) {
	src := Source{Name: "big.c", Text: megabyte(b)}
	b.SetBytes(int64(len(src.Text)))
	b.ReportAllocs()
	for b.Loop() {
		newPreprocessor(NewParser(context.Background(), Options{}), &File{}).run(src, nil)
	}
}
