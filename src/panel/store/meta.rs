//! The instance id of the panel.

use crate::panel::store::time::new_id;
use sqlx::SqlitePool;

/// The id of this database, minted when it was made. Two processes that make it at once agree on one.
pub(crate) async fn instance(writer: &SqlitePool) -> Result<String, sqlx::Error> {
    sqlx::query("INSERT INTO meta (key, value) VALUES ('instance', ?1) ON CONFLICT DO NOTHING").bind(new_id()).execute(writer).await?;
    sqlx::query_scalar("SELECT value FROM meta WHERE key = 'instance'").fetch_one(writer).await
}
