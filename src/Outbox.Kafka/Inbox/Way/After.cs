namespace Outbox.Kafka.Inbox.Way;

/// <summary>What comes after a message's verdict was acted on.</summary>
internal readonly record struct After
{
    /// <summary>The message's end: done, skipped, parked, or in its place among those that wait.</summary>
    public static readonly After End = new() { HasEnded = true };

    /// <summary>It goes the way again, at once.</summary>
    public static readonly After Again;

    /// <summary>It is left to whoever gets it next.</summary>
    public static readonly After Left = new() { IsLeft = true };

    public bool HasEnded { get; private init; }

    public bool IsLeft { get; private init; }

    /// <summary>Why it gives its place up and waits in its partition, where nothing else is kept back for it.</summary>
    public Aside? Aside { get; private init; }

    /// <summary>What it waits for before it goes the way again.</summary>
    public Rest? Rest { get; private init; }

    /// <summary>Those whose turn comes now.</summary>
    public Queue? Next { get; init; }

    public static After PutAside(Aside aside) => new() { Aside = aside };

    public static After Waiting(Rest rest) => new() { Rest = rest };
}
