namespace Outbox.Dashboard.Access;

/// <summary>Why a request is refused; always with status 403.</summary>
/// <param name="Code">What it is, for programs; it stays the same in later versions.</param>
/// <param name="Text">What it is and what to do, for a person.</param>
internal sealed record Refusal(string Code, string Text)
{
    public static readonly Refusal Unprotected = new("unprotected", "Nothing says who may see this. Where it is mapped, call RequireAuthorization(…) or AllowAnonymous().");

    public static readonly Refusal CrossSite = new("crossSite", "A page of another site sent this. Act from the dashboard itself, or from a program that sends no Origin.");

    public static Refusal Of(Capability capability) => new(
        "notPermitted", $"You may not do this. It needs the policy that {nameof(OutboxDashboardOptions)}.{capability}Policy names; where that names none, nobody may, outside of Development.");
}
