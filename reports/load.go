package reports

import (
	"fmt"
	"html/template"
	"io"
)

// A LoadPage is the answer about recorded histories, with porcupine's drawings of what nothing explains. The drawings and result.json lie
// beside the page.
type LoadPage struct {
	Title    string
	Answer   string // what the terminal shows
	Drawings []Drawing
}

// A Drawing is a file beside the page and what it shows.
type Drawing struct{ File, Text string }

var loadPage = template.Must(template.ParseFS(assets, "assets/load.html"))

// WriteLoadPage writes the page.
func WriteLoadPage(w io.Writer, p LoadPage) error {
	if err := loadPage.Execute(w, p); err != nil {
		return fmt.Errorf("writing the page: %w", err)
	}
	return nil
}
