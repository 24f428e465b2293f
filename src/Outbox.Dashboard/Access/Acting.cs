using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Outbox.Operations;

namespace Outbox.Dashboard.Access;

/// <summary>Who acts, for the audit.</summary>
internal static class Acting
{
    /// <summary>The names by which identity providers call a person, or a program, that has no name.</summary>
    private static readonly string[] Names = [ClaimTypes.Name, "preferred_username", ClaimTypes.Email, "email", ClaimTypes.NameIdentifier, "sub", "client_id", "azp"];

    public static Actor Of(HttpContext context)
    {
        var identity = context.User.Identities.FirstOrDefault(identity => identity.IsAuthenticated);
        var name = identity?.Name is { Length: > 0 } own ? own : Names.Select(type => identity?.FindFirst(type)?.Value).FirstOrDefault(value => !string.IsNullOrWhiteSpace(value));
        var via = context.GetEndpoint()?.Metadata.GetMetadata<OutboxEndpoint>()?.Via;
        return identity is null ? Actor.Claimed("anonymous") with { Via = via } : Actor.Authenticated(name ?? "a person without a name") with { Via = via };
    }
}
