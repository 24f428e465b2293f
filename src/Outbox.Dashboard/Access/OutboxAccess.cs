using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Outbox.Dashboard.Access;

/// <summary>Says what the person behind a request may do.</summary>
internal sealed class OutboxAccess(IHostEnvironment environment, IOptions<OutboxDashboardOptions> options)
{
    public async Task<bool> AllowsAsync(HttpContext context, Capability capability)
    {
        var policy = capability switch
        {
            Capability.Read => options.Value.ReadPolicy,
            Capability.Payload => options.Value.PayloadPolicy,
            Capability.Operate => options.Value.OperatePolicy,
            _ => options.Value.DestroyPolicy,
        };
        return policy is null
            ? capability == Capability.Read || environment.IsDevelopment()
            : (await context.RequestServices.GetRequiredService<IAuthorizationService>().AuthorizeAsync(context.User, context, policy).ConfigureAwait(false)).Succeeded;
    }

    /// <summary>Whether somebody has decided who gets to the endpoint, and the person is one of them, where the host's middleware may not have asked.</summary>
    public async Task<bool> AdmitsAsync(HttpContext context)
    {
        if (environment.IsDevelopment() || (context.GetEndpoint() is { } endpoint && Protection.IsDeclared(endpoint.Metadata)))
        {
            return true;
        }

        return context.RequestServices.GetService<IAuthorizationPolicyProvider>() is { } policies
            && await policies.GetFallbackPolicyAsync().ConfigureAwait(false) is { } fallback
            && (await context.RequestServices.GetRequiredService<IAuthorizationService>().AuthorizeAsync(context.User, context, fallback).ConfigureAwait(false)).Succeeded;
    }
}
