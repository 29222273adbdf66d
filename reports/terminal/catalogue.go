package terminal

import (
	"fmt"
	"io"

	"github.com/lockproof/lockproof/model/printable"
	"github.com/lockproof/lockproof/reports"
)

// WriteCatalogue writes a catalogue for people.
func WriteCatalogue(w io.Writer, c *reports.Catalogue, style Style) error {
	b := printable.Page{Coloured: style.Colour}
	name := 0
	for _, s := range c.Suites {
		for _, sc := range s.Scenarios {
			name = max(name, len(sc.Name))
		}
	}
	for i, s := range c.Suites {
		if i > 0 {
			b.WriteString("\n")
		}
		b.Paint(printable.Strong, reports.Flat(s.Name))
		if s.Title != "" {
			b.WriteString("  " + reports.Flat(s.Title))
		}
		b.WriteString("\n")
		for _, sc := range s.Scenarios {
			fmt.Fprintf(&b, "  %-*s  %s\n", name, sc.Name, sc.Expect)
		}
	}
	if len(c.Protocols) > 0 {
		b.WriteString("\n")
		b.Paint(printable.Strong, "protocols")
		b.WriteString("\n")
		width := 0
		for _, x := range c.Protocols {
			width = max(width, len(x.Name))
		}
		for _, x := range c.Protocols {
			fmt.Fprintf(&b, "  %-*s  %s\n", width, x.Name, reports.Flat(x.Title))
		}
	}
	_, err := b.WriteTo(w)
	return err
}
