using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Outbox.Dashboard.Access;
using Outbox.Dashboard.Api.Answering;
using Outbox.Operations;

namespace Outbox.Dashboard.Api.Reading;

/// <summary>Asks and acts within <see cref="OutboxDashboardOptions.QueryTimeout"/>, and no longer than somebody listens.</summary>
internal static class Asking
{
    /// <summary>An act, or an explanation, is several questions.</summary>
    public const int Several = 5;

    public static T Get<T>(this HttpContext http)
        where T : notnull => http.RequestServices.GetRequiredService<T>();

    /// <summary>Asks something.</summary>
    /// <param name="http">The request.</param>
    /// <param name="ask">Asks.</param>
    /// <param name="questions">How many questions to the database it is.</param>
    public static Task<T> AskAsync<T>(this HttpContext http, Func<CancellationToken, Task<T>> ask, int questions = 1) => WithinAsync(http, ask, questions, "The database did not answer in time.");

    /// <summary>Asks for a page.</summary>
    /// <exception cref="ApiException">The cursor is not one of the list.</exception>
    public static async Task<Page<T>> AskAsync<T>(this HttpContext http, string? cursor, Func<CancellationToken, Task<Page<T>>> ask)
    {
        try
        {
            return await http.AskAsync(ask).ConfigureAwait(false);
        }
        catch (OutboxException error) when (cursor is not null && error.InnerException is null)
        {
            throw new ApiException(StatusCodes.Status400BadRequest, ApiCodes.InvalidCursor, error.Message);
        }
    }

    /// <summary>Does something: in one transaction, which is done or not.</summary>
    public static Task<T> ActAsync<T>(this HttpContext http, Func<CancellationToken, Task<T>> act) =>
        WithinAsync(http, act, Several, "The database did not answer in time: it was done, or it was not. Look at what it was about before you do it again; what is done already is not done twice.");

    /// <summary>Why something is done, and by whom.</summary>
    public static Decision Decide(this HttpContext http, string reason) => new(ApiText.Reason(reason)) { By = Acting.Of(http) };

    public static Task<bool> MayAsync(this HttpContext http, Capability capability) => http.Get<OutboxAccess>().AllowsAsync(http, capability);

    private static async Task<T> WithinAsync<T>(HttpContext http, Func<CancellationToken, Task<T>> work, int questions, string late)
    {
        using var timer = new CancellationTokenSource(http.Get<IOptions<OutboxDashboardOptions>>().Value.QueryTimeout * questions, http.Get<TimeProvider>());
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, http.RequestAborted);
        try
        {
            return await work(either.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (timer.IsCancellationRequested && error is OperationCanceledException or TimeoutException)
        {
            throw new OutOfTimeException(late, error);
        }
    }
}
