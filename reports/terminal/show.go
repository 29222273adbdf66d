package terminal

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model/printable"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/scenarios"
)

// WriteSources writes C files below each other, each under its name when there are several. They
// are written as they are, so that they can be read again, but for what a CI runner would obey; on
// a terminal in printable form.
func WriteSources(w io.Writer, files []syntax.Source) error {
	var b strings.Builder
	for i, f := range files {
		if len(files) > 1 {
			fmt.Fprintf(&b, "%s/* ---- %s ---- */\n", reports.Choose(i > 0, "\n", ""), inComment(f.Name))
		}
		fmt.Fprintf(&b, "%s\n", strings.TrimRight(string(f.Text), "\n"))
	}
	return writeSource(w, b.String())
}

// WriteSuite writes a suite as it was loaded: its YAML, then the C files that it names, as
// [WriteSources] does.
func WriteSuite(w io.Writer, s *scenarios.Suite) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# ---- %s ----\n%s\n", inComment(s.File), strings.TrimRight(s.Text, "\n"))
	for _, f := range s.Files() {
		fmt.Fprintf(&b, "\n/* ---- %s ---- */\n%s\n", inComment(f.Name), strings.TrimRight(string(f.Text), "\n"))
	}
	return writeSource(w, b.String())
}

func writeSource(w io.Writer, text string) error {
	out := printable.NewWriter(w, reports.Choose(IsTerminal(w), printable.Both, printable.Commands))
	_, err := io.WriteString(out, text)
	return errors.Join(err, out.Flush())
}

// inComment is a name that cannot end the comment in which it stands.
func inComment(name string) string {
	return strings.ReplaceAll(printable.Line(name), "*/", `*\x2f`)
}

// WriteScenario writes what a scenario runs and expects.
func WriteScenario(w io.Writer, sc *scenarios.Scenario) error {
	var b printable.Page
	row := func(key, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%-9s %s\n", key, reports.Flat(value))
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
		row("thread", fmt.Sprintf("%s %s%s%s", number, t.Call, reports.Choose(t.Loop, ", loops", ""), faults(t.Faults)))
	}
	row("faults", strings.TrimPrefix(faults(sc.Faults), ", "))
	row("rules", reports.Choose(sc.IgnoreRequires, "ignore", "enforce"))
	row("expect", sc.Expect.String())
	row("why", sc.Why)
	_, err := b.WriteTo(w)
	return err
}

func faults(fs []scenarios.Fault) string {
	var s strings.Builder
	for _, f := range fs {
		s.WriteString(", " + string(f))
	}
	return s.String()
}
