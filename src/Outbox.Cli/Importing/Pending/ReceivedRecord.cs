namespace Outbox.Cli.Importing.Pending;

/// <summary>A message that the old product has consumed from Kafka and not processed yet, as it came from there.</summary>
/// <param name="Group">The consumer group that it was consumed by.</param>
/// <param name="Number">What tells it from all others that the old product keeps.</param>
/// <param name="Key">The Kafka key.</param>
/// <param name="Value">The Kafka value.</param>
internal sealed record ReceivedRecord(string Group, long Number, byte[] Key, byte[] Value)
{
    /// <summary>The Kafka headers.</summary>
    public IReadOnlyList<KeyValuePair<string, byte[]?>> Headers { get; init; } = [];

    /// <summary>How often the old product has tried it.</summary>
    public int Attempts { get; init; }

    /// <summary>What went wrong there the last time, if it was tried.</summary>
    public string? Error { get; init; }
}
