using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Outbox.Dashboard.Access;

namespace Outbox.Dashboard.Mapping;

/// <summary>
/// Keeps a host from starting with a dashboard that nothing protects. Hosts map before they start, or, with a <c>Startup</c> class, while the server does: so it looks twice, and <see cref="AccessFilter"/> once more for each request.
/// </summary>
internal sealed class MappingGuard(Mappings mappings, IServiceProvider services, IHostEnvironment environment, IOptions<OutboxDashboardOptions> options) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => CheckAsync();

    public Task StartedAsync(CancellationToken cancellationToken) => CheckAsync();

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task CheckAsync()
    {
        var policies = services.GetService<IAuthorizationPolicyProvider>();
        await PoliciesExistAsync(policies).ConfigureAwait(false);
        if (environment.IsDevelopment() || (policies is not null && await policies.GetFallbackPolicyAsync().ConfigureAwait(false) is not null))
        {
            return;
        }

        if (mappings.Endpoints().FirstOrDefault(mapped => !Protection.IsDeclared(mapped.Endpoint.Metadata)) is { Mark: { } mark })
        {
            throw new OutboxException(Protection.Missing(mark.Mapping));
        }
    }

    private async Task PoliciesExistAsync(IAuthorizationPolicyProvider? policies)
    {
        var o = options.Value;
        foreach (var (name, option) in new[] { (o.ReadPolicy, nameof(o.ReadPolicy)), (o.PayloadPolicy, nameof(o.PayloadPolicy)), (o.OperatePolicy, nameof(o.OperatePolicy)), (o.DestroyPolicy, nameof(o.DestroyPolicy)) })
        {
            if (name is not null && (policies is null || await policies.GetPolicyAsync(name).ConfigureAwait(false) is null))
            {
                throw new OutboxException($"{nameof(OutboxDashboardOptions)}.{option} names the policy '{name}', and the host has none of that name: add it in AddAuthorization.");
            }
        }
    }
}
