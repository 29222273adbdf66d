package terminal

import (
	"io"

	"github.com/lockproof/lockproof/reports"
)

// WriteAnswer writes one result for people, as the command that asked for it does.
func WriteAnswer(w io.Writer, r *reports.Result, style Style) error {
	switch {
	case r.Load != nil:
		return WriteLoad(w, r, style)
	case r.History != nil:
		return WriteHistory(w, r, style)
	case r.Conformance != nil:
		return WriteConformed(w, r, style)
	case r.Schedules != nil:
		return WriteExplored(w, r, style)
	}
	return WriteCheck(w, r, style)
}
