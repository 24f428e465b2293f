namespace Outbox.Cli.Diagnosing;

/// <summary>What <c>doctor</c> found in one respect.</summary>
/// <param name="Check">What was looked at, for programs: <c>indexes</c>, <c>clock</c>, <c>rights</c>…</param>
/// <param name="Outcome">How it is.</param>
/// <param name="Text">What was found, for a person.</param>
internal sealed record Diagnosis(string Check, Outcome Outcome, string Text)
{
    /// <summary>What to do about it.</summary>
    public string? Remedy { get; init; }

    public static Diagnosis Ok(string check, string text) => new(check, Outcome.Ok, text);

    public static Diagnosis Unknown(string check, string text) => new(check, Outcome.Unknown, text);

    public static Diagnosis Warning(string check, string text, string? remedy = null) => new(check, Outcome.Warning, text) { Remedy = remedy };

    public static Diagnosis Wrong(string check, string text, string? remedy = null) => new(check, Outcome.Wrong, text) { Remedy = remedy };
}

/// <summary>How something is.</summary>
internal enum Outcome
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>It could not be looked at.</summary>
    Unknown,

    /// <summary>It works, and will not always.</summary>
    Warning,

    /// <summary>It does not work.</summary>
    Wrong,
}
