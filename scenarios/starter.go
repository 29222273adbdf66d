package scenarios

import (
	"embed"

	"github.com/lockproof/lockproof/csource/syntax"
)

//go:embed starter
var starterFiles embed.FS

// Starter is a small, commented suite and its C, by the names that the files should have.
func Starter() ([]syntax.Source, error) {
	entries, err := starterFiles.ReadDir("starter")
	if err != nil {
		return nil, err
	}
	var files []syntax.Source
	for _, e := range entries {
		text, err := starterFiles.ReadFile("starter/" + e.Name())
		if err != nil {
			return nil, err
		}
		files = append(files, syntax.Source{Name: e.Name(), Text: text})
	}
	return files, nil
}
