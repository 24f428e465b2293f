namespace Outbox.Kafka.Inbox.Way;

/// <summary>Why messages are put back, and for how long.</summary>
/// <param name="Cause">What makes it impossible to process them now.</param>
/// <param name="Until">What ends the rest; by itself it ends after a while, a longer one each time.</param>
internal sealed record Rest(Exception? Cause, Task? Until = null);
