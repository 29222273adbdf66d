package vocabulary

import "github.com/lockproof/lockproof/model"

// Kind reads the first argument of check as a kind of violation: no_job, no-job (which C takes for
// a difference) or "no-job". The kind is what was meant even when there is none of that name.
func Kind(text string) (model.Kind, bool) {
	b := make([]byte, 0, len(text))
	for i := range len(text) {
		switch c := text[i]; c {
		case '_':
			b = append(b, '-')
		case ' ', '"', '(', ')':
		default:
			b = append(b, c)
		}
	}
	return model.Kind(b), model.IsKind(string(b))
}
