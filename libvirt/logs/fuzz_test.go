package logs

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/lockproof/lockproof/checker/diagnose"
)

// FuzzRead reads anything: what comes of it is a diagnosis whose lines are there, or the word that
// it is nothing to be read; and the same each time.
func FuzzRead(f *testing.F) {
	files, err := filepath.Glob("../../cmd/lockproof/testdata/reports/*/input.log")
	if err != nil || len(files) < 18 {
		f.Fatal(files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	for _, k := range kinds {
		f.Add([]byte(k.text))
	}
	for _, w := range wrappings {
		f.Add([]byte(w.wrap(&parts{"2031-04-07", "09:01:40.000", "77", "warning", begin, "1", "Cannot start job (query, none, none) for domain g; current job is (none, none, none)"})))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		Reader{}.Recognise(text[:min(len(text), diagnose.HeadSize)])
		Reader{}.Start(text[:min(len(text), diagnose.HeadSize)])
		lines := bytes.Count(text, []byte("\n")) + 1
		var said [2]string
		for i := range said {
			d, err := Reader{}.Read(t.Context(), []diagnose.Input{{Name: "f", Reader: bytes.NewReader(text)}})
			if err != nil {
				if !diagnose.IsUnreadable(err) {
					t.Fatal(err)
				}
				return
			}
			said[i] = string(d.Cause) + notesOf(d)
			check := func(at []diagnose.Place) {
				for _, p := range at {
					if p.Line < 1 || p.Line > lines || p.File != "f" {
						t.Fatalf("%+v of %d lines", p, lines)
					}
				}
			}
			for _, h := range d.Holders {
				check(h.At)
			}
			for _, w := range d.Waiters {
				check(w.At)
				if w.Behind > len(d.Holders) {
					t.Fatalf("%+v", w)
				}
			}
			for _, c := range append(d.Why, d.Notes...) {
				check(c.At)
			}
			for _, x := range d.Findings {
				check([]diagnose.Place{x.At})
				for _, c := range x.Around {
					check(c.At)
				}
			}
			if diagnose.Meaning(diagnose.Causes(), d.Cause) == "" || diagnose.Meaning(diagnose.Formats(), d.Format) == "" {
				t.Fatal(d.Cause, d.Format)
			}
			for _, u := range d.CannotTell {
				if diagnose.Meaning(diagnose.Unknowns(), u) == "" {
					t.Fatal(u)
				}
			}
		}
		if said[0] != said[1] {
			t.Fatalf("%s\n%s", said[0], said[1])
		}
	})
}
