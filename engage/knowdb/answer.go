package knowdb

import "github.com/uptrace/bun"

type answerRow struct {
	bun.BaseModel `bun:"table:know_answer"`
	ID            string `bun:"id,pk"`
	Question      string `bun:"question"`
	Answer        string `bun:"answer"`
	Lang          string `bun:"lang"`
	Programme     string `bun:"programme_id"`
	Conversation  string `bun:"conversation_id"`
	Message       string `bun:"message_id"`
	Same          string `bun:"same"`
	Why           string `bun:"why"`
	By            string `bun:"by_id"`
	Change        int64  `bun:"change"`
	At            int64  `bun:"at"`
	DeletedAt     int64  `bun:"deleted_at"`
}
