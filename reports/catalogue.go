package reports

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/lockproof/lockproof/model/printable"
	"github.com/lockproof/lockproof/scenarios"
)

// A Catalogue lists suites and protocols.
type Catalogue struct {
	Suites    []SuiteEntry    `json:"suites"`
	Protocols []ProtocolEntry `json:"protocols"`
}

// A SuiteEntry is a suite without its C.
type SuiteEntry struct {
	Name      string          `json:"name"`
	Title     string          `json:"title"`
	File      string          `json:"file"`
	Protocol  string          `json:"protocol"`
	Scenarios []ScenarioEntry `json:"scenarios"`
}

// A ScenarioEntry is a scenario in one line.
type ScenarioEntry struct {
	Name   string `json:"name"`
	Ref    string `json:"ref"`
	Expect string `json:"expect"`
	Why    string `json:"why"`
}

// A ProtocolEntry is a protocol without its C.
type ProtocolEntry struct {
	Name  string `json:"name"`
	Title string `json:"title"`
}

// NewCatalogue lists scenarios by suite, in their order, and protocols.
func NewCatalogue(scs []*scenarios.Scenario, protocols []scenarios.Protocol) *Catalogue {
	c := &Catalogue{Suites: []SuiteEntry{}, Protocols: []ProtocolEntry{}}
	var last *scenarios.Suite
	for _, sc := range scs {
		if s := sc.Suite; s != last {
			c.Suites = append(c.Suites, SuiteEntry{Name: s.Name, Title: s.Title, File: s.File, Protocol: s.Protocol})
			last = s
		}
		entry := &c.Suites[len(c.Suites)-1]
		entry.Scenarios = append(entry.Scenarios, ScenarioEntry{sc.Name, sc.Ref(), sc.Expect.String(), sc.Why})
	}
	for _, p := range protocols {
		c.Protocols = append(c.Protocols, ProtocolEntry{p.Name, p.Title})
	}
	return c
}

// WriteCatalogueJSON writes a catalogue as one object.
func WriteCatalogueJSON(w io.Writer, c *Catalogue) error {
	enc := json.NewEncoder(printable.NewJSON(w))
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(c)
}

// WriteCatalogue writes a catalogue for people.
func WriteCatalogue(w io.Writer, c *Catalogue, style Style) error {
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
		b.Paint(printable.Strong, flat(s.Name))
		if s.Title != "" {
			b.WriteString("  " + flat(s.Title))
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
			fmt.Fprintf(&b, "  %-*s  %s\n", width, x.Name, flat(x.Title))
		}
	}
	_, err := b.WriteTo(w)
	return err
}
