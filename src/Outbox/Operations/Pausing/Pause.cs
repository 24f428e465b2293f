using System.Globalization;

namespace Outbox.Operations.Pausing;

/// <summary>That something is paused. It ends by itself. All times are the database server's.</summary>
/// <param name="Target">What is paused.</param>
/// <param name="Since">Since when, also where it was paused again meanwhile.</param>
/// <param name="Until">When it ends, unless somebody resumes it before.</param>
/// <param name="By">Who paused it last.</param>
/// <param name="Reason">Why, as he said.</param>
public sealed record Pause(PauseTarget Target, DateTimeOffset Since, DateTimeOffset Until, Actor By, string Reason)
{
    /// <summary>How long it still lasts, by the server's clock when it was read.</summary>
    public TimeSpan Remaining { get; init; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Target} is paused by {By} until {Until.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC: {Reason}");
}
