package answers

import (
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/scenarios"
)

// NewCatalogue lists scenarios by suite, in their order, and protocols.
func NewCatalogue(scs []*scenarios.Scenario, protocols []scenarios.Protocol) *reports.Catalogue {
	c := &reports.Catalogue{Suites: []reports.SuiteEntry{}, Protocols: []reports.ProtocolEntry{}}
	var last *scenarios.Suite
	for _, sc := range scs {
		if s := sc.Suite; s != last {
			c.Suites = append(c.Suites, reports.SuiteEntry{Name: s.Name, Title: s.Title, File: s.File, Protocol: s.Protocol})
			last = s
		}
		entry := &c.Suites[len(c.Suites)-1]
		entry.Scenarios = append(entry.Scenarios, reports.ScenarioEntry{
			Name: sc.Name, Ref: sc.Ref(),
			Expect: sc.Expect.String(), Why: sc.Why,
		})
	}
	for _, p := range protocols {
		c.Protocols = append(c.Protocols, reports.ProtocolEntry{Name: p.Name, Title: p.Title})
	}
	return c
}
