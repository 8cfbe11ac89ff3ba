Feature: Queues
  Work is kept apart by queues, and shared by the workers of one queue.

  Rule: A job runs on the queue it was enqueued on

    Scenario: Two queues with workers of their own
      Given the job "receipt A-1001" is enqueued on the queue "mail"
      And the job "stock A-1001" is enqueued on the queue "warehouse"
      When a worker of the queue "mail" starts
      Then the job "receipt A-1001" is completed
      And the job "stock A-1001" is still ready
      And the job "stock A-1001" has no attempt

    Scenario: The default queue is a queue like any other
      Given the job "receipt A-1001" is enqueued
      And the job "stock A-1001" is enqueued on the queue "warehouse"
      When a worker starts
      Then the job "receipt A-1001" is completed
      And the job "stock A-1001" is still ready

    Scenario: The backlog of one queue is not in the way of another
      Given 500 jobs are enqueued on the queue "warehouse"
      And the job "receipt A-1001" is enqueued on the queue "mail"
      When a worker of the queue "mail" starts
      Then the job "receipt A-1001" is completed

  Rule: The workers of one queue share its jobs

    Scenario: No job runs twice
      Given a worker
      And a second worker
      When 200 jobs are enqueued
      Then every one of these jobs is completed
      And every one of these jobs ran once

    Scenario: Each runs as many jobs at once as it has places
      Given a worker that runs one job at a time
      And a second worker that runs one job at a time
      And the job "long A-1001" keeps working
      And the job "long A-1002" keeps working
      When the jobs "long A-1001", "long A-1002", "long A-1003" are enqueued
      Then the job "long A-1001" is running
      And the job "long A-1002" is running
      And the job "long A-1003" has no attempt

  Rule: The workers of a queue can be seen

    Scenario: A worker that runs
      When a worker of the queue "mail" starts
      Then the queue "mail" has 1 worker that knows "errand"

    Scenario: A worker that left
      Given a worker
      When the worker shuts down
      Then no worker is left
