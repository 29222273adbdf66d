package terminal

import (
	"fmt"
	"io"

	"github.com/lockproof/lockproof/model/printable"
	"github.com/lockproof/lockproof/reports"
)

// mostGaps is how many gaps are listed of one coverage. The others are counted.
const mostGaps = 8

// WriteCoverage writes what of the C of each suite was reached, and what was not.
func WriteCoverage(w io.Writer, suites []reports.SuiteCoverage, style Style) error {
	b := printable.Page{Coloured: style.Colour}
	for i := range suites {
		s := &suites[i]
		b.WriteString("\n")
		title := fmt.Sprintf("coverage of %s: %s reached", s.Suite, &s.Coverage)
		if s.Coverage.Required && !s.Coverage.Partial && len(s.Coverage.Gaps()) > 0 {
			title += "; the suite requires all"
		}
		paragraph(&b, title, style)
		writeGaps(&b, &s.Coverage, style)
	}
	if _, err := b.WriteTo(w); err != nil {
		return fmt.Errorf("writing the coverage: %w", err)
	}
	return nil
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
