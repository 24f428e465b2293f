namespace Outbox.Cli.Importing.Moving;

/// <summary>What became, or would become, of messages that have a type, a topic and a fate in common; as programs read it.</summary>
/// <param name="Fate">What became of them.</param>
/// <param name="Source">What the type, or the message, is called in the old outbox.</param>
/// <param name="Type">Its name on the wire.</param>
/// <param name="Topic">The topic that it goes to.</param>
/// <param name="Messages">How many.</param>
internal sealed record ImportRow(ImportFate Fate, string? Source, string? Type, string? Topic, long Messages)
{
    /// <summary>When the oldest of them was sent.</summary>
    public DateTimeOffset? Oldest { get; init; }

    /// <summary>Why they stay.</summary>
    public string? Reason { get; init; }

    /// <summary>The <c>_id</c> of one of them.</summary>
    public string? Example { get; init; }
}
