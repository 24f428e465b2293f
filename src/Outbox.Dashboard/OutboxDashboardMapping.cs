using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Outbox.Dashboard.Access;
using Outbox.Dashboard.Mapping;
using Outbox.Dashboard.Pages.Acts;
using Outbox.Dashboard.Pages.Explaining;
using Outbox.Dashboard.Pages.Failures;
using Outbox.Dashboard.Pages.Frame;
using Outbox.Dashboard.Pages.Running;
using Outbox.Dashboard.Pages.Seeing;
using Outbox.Operations.Bulk;

namespace Outbox.Dashboard;

/// <summary>Maps the dashboard.</summary>
public static class OutboxDashboardMapping
{
    /// <summary>
    /// Maps the dashboard's pages: how the outbox and the inbox are, why a message or an entity is stuck, and what mends it. Its links are relative, so that it works wherever it is mapped, under a path base, and behind
    /// a proxy that takes a prefix away. It needs <see cref="OutboxDashboardServices.AddOutboxDashboard"/>.
    /// </summary>
    /// <param name="endpoints">Where it is mapped.</param>
    /// <param name="pattern">Its address; its pages lie below it.</param>
    /// <returns>What all its pages go by: call <c>RequireAuthorization</c> on it. Outside of Development a host does not start where nothing says who may see the dashboard.</returns>
    /// <exception cref="InvalidOperationException">The services of the dashboard are missing.</exception>
    public static IEndpointConventionBuilder MapOutboxDashboard(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern = "/outbox")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        var group = endpoints.MapOutboxGroup(pattern, new OutboxEndpoint($"MapOutboxDashboard(\"{pattern}\")", "dashboard"), (_, refusal) => PageResult.Refused(refusal));
        MapAssets(group);
        MapPages(group);
        MapActs(group);
        return group;
    }

    private static void MapAssets(RouteGroupBuilder group)
    {
        foreach (var asset in new[] { Assets.Style, Assets.Script })
        {
            group.MapGet(asset.Name, (HttpContext http) => asset.Serve(http)).ExcludeFromDescription();
        }
    }

    private static void MapPages(RouteGroupBuilder group)
    {
        group.Show(Menu.Overview, OverviewPage.ShowAsync);
        group.Show(Menu.Failures, FailuresPage.ShowAsync);
        group.Show(Menu.Parked, ParkedPage.ShowAsync);
        group.Show(Routes.Message, MessagePage.ShowAsync);
        group.Show(Routes.Why, WhyPage.ShowAsync);
        group.Show(Menu.Sequences, SequencesPage.ShowAsync);
        group.Show(Menu.Endpoints, EndpointsPage.ShowAsync);
        group.Show(Menu.Relays, RelaysPage.ShowAsync);
        group.Show(Menu.Pauses, PausesPage.ShowAsync);
        group.Show(Menu.Operations, OperationsPage.ListAsync);
        group.Show(Routes.Operation, OperationsPage.ShowAsync);
        group.Show(Menu.Audit, AuditPage.ShowAsync);
        group.MapGet(Routes.Payload, PageRoutes.Answer(PayloadFile.SendAsync)).Needs(Capability.Payload).ExcludeFromDescription();
    }

    private static void MapActs(RouteGroupBuilder group)
    {
        group.Act(Routes.Retry, Capability.Operate, MessageActs.RetryAsync);
        group.Act(Routes.Discard, Capability.Destroy, MessageActs.DiscardAsync);
        group.Act(Routes.Restore, Capability.Operate, MessageActs.RestoreAsync);
        group.Act(Routes.Edit, Capability.Destroy, MessageActs.EditAsync);
        group.Act(Routes.RetryAll, Capability.Operate, BulkActs.Start(BulkAction.Retry), BulkActs.Ask(BulkAction.Retry));
        group.Act(Routes.DiscardAll, Capability.Destroy, BulkActs.Start(BulkAction.Discard), BulkActs.Ask(BulkAction.Discard));
        group.Act(Routes.RestoreAll, Capability.Operate, BulkActs.Start(BulkAction.Restore), BulkActs.Ask(BulkAction.Restore));
        group.Act(Routes.Release, Capability.Destroy, SequenceActs.ReleaseAsync, SequenceActs.AskAsync);
        group.Act(Routes.Pause, Capability.Operate, PauseActs.PauseAsync);
        group.Act(Routes.Resume, Capability.Operate, PauseActs.ResumeAsync, PauseActs.AskResumeAsync);
        group.Act(Routes.Cancel, Capability.Operate, OperationActs.CancelAsync, OperationActs.AskAsync);
    }
}
