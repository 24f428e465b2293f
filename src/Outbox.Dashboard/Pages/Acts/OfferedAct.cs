using Outbox.Dashboard.Access;
using Outbox.Dashboard.Pages.Markup;

namespace Outbox.Dashboard.Pages.Acts;

/// <summary>Something that a person can do from a page.</summary>
/// <param name="Name">What the button says.</param>
/// <param name="Link">Where the form goes.</param>
/// <param name="Needs">What he must be allowed to.</param>
internal sealed record OfferedAct(string Name, Link Link, Capability Needs)
{
    public bool IsGrave => Needs == Capability.Destroy;
}
