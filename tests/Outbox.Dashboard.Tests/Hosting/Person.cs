namespace Outbox.Dashboard.Tests.Hosting;

/// <summary>Who asks, in a test.</summary>
/// <param name="Name">The name; empty is a person of whom the host knows no name.</param>
/// <param name="Roles">What he may do.</param>
internal sealed record Person(string Name, params string[] Roles)
{
    public const string Header = "X-Test-Person";

    public const string Cookie = "test-person";

    /// <summary>Sees what there is.</summary>
    public static readonly Person Reader = new("rita", "reader");

    /// <summary>Sees payloads too.</summary>
    public static readonly Person Inspector = new("ines", "reader", "payload");

    /// <summary>Retries, restores, pauses.</summary>
    public static readonly Person Operator = new("otto", "reader", "operator");

    /// <summary>Discards, edits, releases; and all else.</summary>
    public static readonly Person Destroyer = new("dora", "reader", "payload", "operator", "destroyer");

    /// <summary>Is known, and may do nothing.</summary>
    public static readonly Person Stranger = new("sven");

    /// <summary>As the header and the cookie have it.</summary>
    public override string ToString() => $"{Uri.EscapeDataString(Name)}:{string.Join('+', Roles)}";

    public static Person Parse(string text) => text.Split(':') is [var name, var roles]
        ? new Person(Uri.UnescapeDataString(name), roles.Split('+', StringSplitOptions.RemoveEmptyEntries))
        : throw new FormatException($"'{text}' is no person.");
}
