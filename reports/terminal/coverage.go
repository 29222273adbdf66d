package terminal

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/lockproof/lockproof/model/printable"
	"github.com/lockproof/lockproof/reports"
)

// mostGaps is how many gaps are listed of one coverage. The others are counted.
const mostGaps = 8

// WriteCoverage writes what of the C of each suite was reached, and what was not. Several suites
// are a table, in which what was missed is only counted, but for those that require all.
func WriteCoverage(w io.Writer, suites []reports.SuiteCoverage, style Style) error {
	b := printable.Page{Coloured: style.Colour}
	if len(suites) > 1 {
		coverageTable(&b, suites, style)
	}
	for i := range suites {
		s := &suites[i]
		required := s.Coverage.Required && !s.Coverage.Partial && len(s.Coverage.Gaps()) > 0
		if len(suites) > 1 && !required {
			continue
		}
		title := fmt.Sprintf("coverage of %s: %s reached", s.Suite, &s.Coverage)
		if required {
			title += "; the suite requires all"
		}
		b.WriteString("\n")
		paragraph(&b, title, style)
		writeGaps(&b, &s.Coverage, style)
	}
	if _, err := b.WriteTo(w); err != nil {
		return fmt.Errorf("writing the coverage: %w", err)
	}
	return nil
}

// coverageTable has a line for each suite.
func coverageTable(b *printable.Page, suites []reports.SuiteCoverage, style Style) {
	const columns = "%-*s  %14s  %12s  %10s"
	most := style.width() - len(fmt.Sprintf(columns, 0, "", "", "", ""))
	name := len("coverage")
	for i := range suites {
		name = max(name, min(most, utf8.RuneCountInString(suites[i].Suite)))
	}
	fmt.Fprintf(b, "\n"+columns+"\n", name, "coverage", "statements", "branches", "faults")
	for i := range suites {
		c := suites[i].Coverage.Counts()
		faults := ""
		if c.Faults.Of > 0 {
			faults = c.Faults.String()
		}
		line := fmt.Sprintf(columns, name, suites[i].Suite, c.Statements, c.Branches, faults)
		if suites[i].Coverage.Partial {
			line += "  at least"
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	paragraph(b, "verify of one suite lists what was never reached", style)
}

// writeGaps lists what was not reached.
func writeGaps(b *printable.Page, c *reports.Coverage, style Style) {
	gaps := c.Gaps()
	for i := range gaps {
		if i == mostGaps {
			paragraph(b, "and "+more(len(gaps)-i)+": --format json or --out lists all", style)
			return
		}
		Hanging(b, "  ", gaps[i].String(), style)
	}
}

func more(n int) string {
	if n == 1 {
		return "1 more place"
	}
	return fmt.Sprintf("%d more places", n)
}
