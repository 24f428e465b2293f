using Outbox.Dashboard.Pages.Acts;
using Outbox.Dashboard.Pages.Markup;

namespace Outbox.Dashboard.Pages.Explaining;

/// <summary>What a person can do about a finding.</summary>
/// <param name="Acts">The acts of ours that mend it; none where it is mended elsewhere.</param>
/// <param name="Look">Where one sees more of it.</param>
/// <param name="Command">What does the same on the command line.</param>
internal sealed record Remedy(IReadOnlyList<OfferedAct> Acts, Link? Look, string? Command)
{
    public static readonly Remedy None = new([], null, null);

    public static Remedy Seen(Link look, string? command) => new([], look, command);
}
