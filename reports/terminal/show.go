package terminal

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/lockproof/lockproof/model/printable"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/scenarios"
)

// WriteText writes C or a suite as it is, so that it can be read again, but for what a CI runner
// would obey; on a terminal in printable form.
func WriteText(w io.Writer, text string) error {
	out := printable.NewWriter(w, reports.Choose(IsTerminal(w), printable.Both, printable.Commands))
	_, err := io.WriteString(out, strings.TrimRight(text, "\n")+"\n")
	return errors.Join(err, out.Flush())
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
