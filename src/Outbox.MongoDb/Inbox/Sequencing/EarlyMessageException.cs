namespace Outbox.MongoDb.Inbox.Sequencing;

/// <summary>Leaves a transaction whose message came before its predecessor.</summary>
internal sealed class EarlyMessageException() : Exception("The message came before its predecessor.");
