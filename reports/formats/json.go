package formats

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/lockproof/lockproof/model/printable"
	"github.com/lockproof/lockproof/reports"
)

// WriteJSON writes a report as one indented object. Maps are written by key, so equal reports are
// equal bytes.
func WriteJSON(w io.Writer, r *reports.Report) error {
	enc := json.NewEncoder(printable.NewJSON(w))
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(r); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}
