package scenarios

import (
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
)

// Texts lists every file in which a position of the suite's programs can lie: the C files, what
// they include, and the suite's own file when it holds C. The texts are those that were loaded, so
// they are as old as the positions.
func (s *Suite) Texts() []syntax.Source {
	var files []syntax.Source
	var from []location
	for _, src := range s.Sources {
		at := s.origin[src.Name]
		if src.Name != s.File {
			from = append(from, at)
			continue
		}
		files = append(files, syntax.Source{Name: s.File, Text: []byte(s.Text)})
		from = append(from, includesOf(at, src.Text)...)
	}
	files = withIncludes(from, files)
	slices.SortStableFunc(files, func(a, b syntax.Source) int { return strings.Compare(a.Name, b.Name) })
	return files
}
