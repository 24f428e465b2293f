namespace Outbox.Kafka.Inbox.Way;

/// <summary>Does what the steps say.</summary>
internal interface IEnding
{
    ValueTask<After> ActAsync(Passage message, Verdict verdict);

    /// <summary>Rests until the messages may be tried again, or one of their partitions is taken away.</summary>
    Task RestAsync(IReadOnlyList<Passage> messages, Rest rest);
}
