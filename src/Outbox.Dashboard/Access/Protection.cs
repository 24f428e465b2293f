using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace Outbox.Dashboard.Access;

/// <summary>Whether somebody has decided who gets to an endpoint: a policy, the host's fallback policy, or <c>AllowAnonymous</c>.</summary>
internal static class Protection
{
    public static bool IsDeclared(EndpointMetadataCollection metadata) => metadata.GetMetadata<IAllowAnonymous>() is not null || metadata.GetMetadata<IAuthorizeData>() is not null || metadata.GetMetadata<AuthorizationPolicy>() is not null;

    public static string Missing(string mapping) =>
        $"{mapping} shows messages and lets people act on them, and nothing says who may. Call RequireAuthorization(…) on what it returns, or AllowAnonymous() if everybody who reaches this address may; "
        + "only in Development it may stand open.";
}
