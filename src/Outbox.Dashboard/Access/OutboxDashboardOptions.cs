using System.ComponentModel.DataAnnotations;

namespace Outbox.Dashboard;

/// <summary>
/// Who may do what in the dashboard and the HTTP API. Who gets in at all is said where they are mapped, by <c>RequireAuthorization</c> or <c>AllowAnonymous</c>; these policies, of the host's
/// <c>AddAuthorization</c>, are asked in addition.
/// </summary>
public sealed class OutboxDashboardOptions
{
    /// <summary>The policy of those who may see what there is, without payloads.</summary>
    /// <value>The default is <see langword="null"/>: whoever gets in.</value>
    public string? ReadPolicy { get; set; }

    /// <summary>The policy of those who may see payloads and headers, as the registered <c>IPayloadRedactor</c> leaves them. To others they are masked.</summary>
    /// <value>The default is <see langword="null"/>: whoever gets in where the environment is Development, nobody elsewhere.</value>
    public string? PayloadPolicy { get; set; }

    /// <summary>The policy of those who may retry, restore, pause, resume and cancel.</summary>
    /// <value>The default is <see langword="null"/>: whoever gets in where the environment is Development, nobody elsewhere.</value>
    public string? OperatePolicy { get; set; }

    /// <summary>The policy of those who may do what loses something: discard, edit, and release a sequence from the versions that it waits for.</summary>
    /// <value>The default is <see langword="null"/>: whoever gets in where the environment is Development, nobody elsewhere.</value>
    public string? DestroyPolicy { get; set; }

    /// <summary>How long a page or an answer waits for one question to the database. What is not known by then is shown as unknown.</summary>
    /// <value>The default value is 2 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan QueryTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Where a trace is shown, to link to from a message: an http or https address with <c>{traceId}</c> in it, as <c>https://traces.shop.example/trace/{traceId}</c>.</summary>
    /// <value>The default is <see langword="null"/>: the trace's id is shown, without a link.</value>
    [RegularExpression(@"https?://\S*\{traceId\}\S*", ErrorMessage = "TraceUrl must be an http or https address with {traceId} in it.")]
    public string? TraceUrl { get; set; }
}
