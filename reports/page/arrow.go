package page

import (
	"fmt"
	"math"
)

// arrowHead is a triangle at (x, y) that points away from (fromX, fromY). It is a path of its own,
// not an SVG marker: a marker needs an id, and ids of several pictures in one page collide.
func arrowHead(fromX, fromY, x, y float64) string {
	const length, half = 9.0, 4.0
	dx, dy := x-fromX, y-fromY
	n := math.Hypot(dx, dy)
	if n == 0 {
		dx, dy, n = 0, 1, 1
	}
	dx, dy = dx/n, dy/n
	bx, by := x-length*dx, y-length*dy
	return fmt.Sprintf(`<path class="head" d="M%.1f %.1fL%.1f %.1fL%.1f %.1fz"/>`, x, y, bx-half*dy, by+half*dx,
		bx+half*dy, by-half*dx)
}
