namespace Outbox.Operations.Explaining;

/// <summary>Something that says why.</summary>
/// <param name="Code">What it is, for programs: one of <see cref="FindingCodes"/>.</param>
/// <param name="Kind">Whether it keeps something back, and for how long.</param>
/// <param name="Text">What it is, for a person, in whole sentences.</param>
public sealed record Finding(string Code, FindingKind Kind, string Text)
{
    /// <summary>Since when, by the database server's clock; <see langword="null"/> where nobody knows.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The endpoint that it is about, where it is about one.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The topic whose pause it is about.</summary>
    public string? Topic { get; init; }

    /// <summary>What to do about it, for a person; <see langword="null"/> where there is nothing to do.</summary>
    public string? Remedy { get; init; }
}
