package reports

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
