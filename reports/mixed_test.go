package reports_test

import (
	"io"
	"os"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/reports/formats"
	"github.com/lockproof/lockproof/reports/page"
	"github.com/lockproof/lockproof/reports/reportstest"
	"github.com/lockproof/lockproof/reports/terminal"
)

// A broken writer's error reaches the caller of every format.
func TestWritersFail(t *testing.T) {
	r := reportstest.Mixed(t)
	for name, write := range map[string]func(io.Writer, *reports.Report) error{
		"json": formats.WriteJSON, "html": page.WriteHTML, "junit": formats.WriteJUnit, "sarif": formats.WriteSARIF,
		"dot": func(w io.Writer, r *reports.Report) error { return formats.WriteDOT(w, "x", r.Results[0].LockOrder) },
		"svg": func(w io.Writer, r *reports.Report) error { return page.WriteSVG(w, "x", r.Results[0].LockOrder) },
		"order": func(w io.Writer, r *reports.Report) error {
			return terminal.WriteOrder(w, &r.Results[0], terminal.Style{})
		},
		"baseline": func(w io.Writer, r *reports.Report) error { return reports.WriteBaseline(w, reports.NewBaseline(r)) },
	} {
		full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
		if err != nil {
			t.Skip("no /dev/full")
		}
		if err := write(full, r); err == nil || !strings.Contains(err.Error(), "no space left") {
			t.Errorf("%s: %v", name, err)
		}
		full.Close()
	}
}
