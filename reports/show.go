package reports

import (
	"fmt"
	"io"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/scenarios"
)

// WriteSources writes C files below each other, each under its name when there are several.
func WriteSources(w io.Writer, files []syntax.Source) error {
	for i, f := range files {
		if len(files) > 1 {
			if _, err := fmt.Fprintf(w, "%s/* ---- %s ---- */\n", choose(i > 0, "\n", ""), f.Name); err != nil {
				return err
			}
		}
		if _, err := fmt.Fprintf(w, "%s\n", strings.TrimRight(string(f.Text), "\n")); err != nil {
			return err
		}
	}
	return nil
}

// WriteSuite writes a suite as it was loaded: its YAML, then the C files that it names.
func WriteSuite(w io.Writer, s *scenarios.Suite) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# ---- %s ----\n%s\n", s.File, strings.TrimRight(s.Text, "\n"))
	for _, f := range s.Files() {
		fmt.Fprintf(&b, "\n/* ---- %s ---- */\n%s\n", f.Name, strings.TrimRight(string(f.Text), "\n"))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// WriteScenario writes what a scenario runs and expects.
func WriteScenario(w io.Writer, sc *scenarios.Scenario) error {
	var b strings.Builder
	row := func(key, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%-9s %s\n", key, value)
		}
	}
	row("scenario", sc.String())
	row("file", sc.Pos.String())
	row("question", sc.Suite.Title)
	row("protocol", sc.Suite.Protocol)
	n := 1
	for _, t := range sc.Threads {
		number := fmt.Sprintf("T%d", n)
		if n += t.Count; t.Count > 1 {
			number += fmt.Sprintf("-T%d", n-1)
		}
		row("thread", fmt.Sprintf("%s %s%s%s", number, t.Call, choose(t.Loop, ", loops", ""), faults(t.Faults)))
	}
	row("faults", strings.TrimPrefix(faults(sc.Faults), ", "))
	row("rules", choose(sc.IgnoreRequires, "ignore", "enforce"))
	row("expect", sc.Expect.String())
	row("why", sc.Why)
	_, err := io.WriteString(w, b.String())
	return err
}

func faults(fs []scenarios.Fault) string {
	var s strings.Builder
	for _, f := range fs {
		s.WriteString(", " + string(f))
	}
	return s.String()
}
