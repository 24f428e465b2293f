using System.Globalization;
using MongoDB.Bson;

namespace Outbox.Cli.Importing.Cap;

/// <summary>
/// What has CAP leave a message alone: its processors take only messages of their own <c>Version</c>, so another one there takes it out of their sight. Not a field of its own: CAP's class maps refuse
/// what they do not know.
/// </summary>
/// <param name="Version">The version that CAP gave the message.</param>
/// <param name="At">When it was marked, by the database server's clock.</param>
internal readonly record struct CapMark(string Version, DateTimeOffset At)
{
    private const string Sign = ">outbox@";

    /// <summary>Finds those that are marked.</summary>
    public static BsonDocument Any { get; } = new("Version", new BsonRegularExpression(Sign));

    public static CapMark? Of(string version) =>
        version.LastIndexOf(Sign, StringComparison.Ordinal) is var at and >= 0 && long.TryParse(version[(at + Sign.Length)..], NumberStyles.None, CultureInfo.InvariantCulture, out var time)
            ? new CapMark(version[..at], DateTimeOffset.FromUnixTimeMilliseconds(time))
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Version}{Sign}{At.ToUnixTimeMilliseconds()}");
}
