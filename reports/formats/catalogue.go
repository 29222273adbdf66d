package formats

import (
	"encoding/json"
	"io"

	"github.com/lockproof/lockproof/model/printable"
	"github.com/lockproof/lockproof/reports"
)

// WriteCatalogueJSON writes a catalogue as one object.
func WriteCatalogueJSON(w io.Writer, c *reports.Catalogue) error {
	enc := json.NewEncoder(printable.NewJSON(w))
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(c)
}
