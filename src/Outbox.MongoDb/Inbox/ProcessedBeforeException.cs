namespace Outbox.MongoDb.Inbox;

/// <summary>Leaves a transaction whose message has an inbox record already.</summary>
internal sealed class ProcessedBeforeException() : Exception("The message was processed before.");
